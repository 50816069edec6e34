"""What models cost: prices, estimates, and the account of a job."""

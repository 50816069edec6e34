"""Everything that runs beside the API: started, registered, watched, reconciled."""

"""Dead air and fillers left out: what stays of a cut, and one mapping between the source's time and the Short's."""

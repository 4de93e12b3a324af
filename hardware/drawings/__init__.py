"""What is drawn from the wiring: wiring pictures, circuit diagrams, the harness, and the tables in the docs."""

"""What the algebra of the meaning is made of."""

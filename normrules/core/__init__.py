"""What there is: frozen data, without files, clock or printing."""

"""The pins and the library that drives them."""

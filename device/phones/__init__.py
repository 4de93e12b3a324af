"""The phones that may open the page: the file that knows them, and how one more is paired."""

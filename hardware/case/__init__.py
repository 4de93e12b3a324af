"""The case: where everything sits in it, its printed parts as solids, and the files a printer takes."""

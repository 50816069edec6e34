"""The way into an editor: the Shorts as cuts of their source, in the files that editing programs open."""

"""What may be opened at all: the same for every FFmpeg call and every container that is probed."""

# Demuxers that read one file and open no other: no hls, concat, dash, sdp, image2 (TARGETS.md §4.1).
FORMATS = "mov,matroska,avi,mpegts,mpeg,flv,mxf,asf,gif,mp3,wav,w64,flac,ogg,aac,ac3,aiff,caf,amr"
MAX_PIXELS = 36_000_000
"""Pixels of a frame; a larger one is taken for a pixel flood."""

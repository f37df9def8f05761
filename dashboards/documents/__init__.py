"""Documents: content written once and rendered in several formats.

They come from the published copy, without a browser.
"""

"""The product's logo and name as SVG text: no file, no request to another host."""

from __future__ import annotations

BARS = (
    '<rect width="64" height="64" rx="9" fill="#12436D"/>'
    '<rect x="12" y="36" width="10" height="18" fill="#6BACE6"/>'
    '<rect x="27" y="24" width="10" height="30" fill="#FFFFFF"/>'
    '<rect x="42" y="12" width="10" height="42" fill="#F46A25"/>'
)
FONT = 'font-family="Source Sans,Segoe UI,DejaVu Sans,Arial,sans-serif"'
ICON = f'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64" viewBox="0 0 64 64">{BARS}</svg>'
WORDMARK = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="470" height="64" viewBox="0 0 470 64">{BARS}'
    f'<text x="80" y="29" {FONT} font-size="25" font-weight="700" fill="#12436D">Stalking and harassment</text>'
    f'<text x="80" y="57" {FONT} font-size="22" fill="#3D3D3D">Strategic assessment evidence</text></svg>'
)

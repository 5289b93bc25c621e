/** One sheet for screen and paper, light and dark. Logical properties, so that the Arabic part mirrors by itself. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--sheet:#fbfbfa;--ink:#1b1f23;--soft:#5b646d;--line:#dfe3e6;--accent:#0f766e;--second:#b45309;--ref:#9aa3ab;--good:#0f766e;--bad:#b42318;--wash:#eef6f5}
@media (prefers-color-scheme:dark){:root{--bg:#0f1214;--sheet:#14181b;--ink:#e6e9eb;--soft:#9aa5ad;--line:#293036;--accent:#2dd4bf;--second:#f59e0b;--ref:#66717a;--good:#2dd4bf;--bad:#f97066;--wash:#10211f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:13px/20px "IBM Plex Sans","Segoe UI",system-ui,-apple-system,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1080px;margin-inline:auto;padding:28px 24px 48px}
header{border-block-end:2px solid var(--ink);padding-block-end:12px;margin-block-end:16px;display:grid;grid-template-columns:1fr auto;gap:4px 24px;align-items:end}
h1{font-size:24px;line-height:30px;font-weight:600;margin:0}
h2{font-size:15px;font-weight:600;margin:28px 0 8px;padding-block-end:4px;border-block-end:1px solid var(--line)}
h3{font-size:13px;font-weight:600;margin:0 0 2px}
h2~h3{margin-block-start:16px}
p{margin:0 0 8px;max-width:96ch}
p.soft{margin-block:6px}
.soft,figcaption{color:var(--soft)}
.verdict{font-weight:600;padding:2px 10px;border:1.5px solid currentColor;border-radius:3px;white-space:nowrap}
.good{color:var(--good)}.bad{color:var(--bad)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));border:1px solid var(--line);border-radius:4px;background:var(--sheet);overflow:hidden}
.facts div{padding:8px 12px;border-inline-end:1px solid var(--line)}
.facts b{display:block;font-size:20px;line-height:26px;font-weight:600}
.facts span{color:var(--soft);font-size:12px;line-height:16px;display:block}
.grid2{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:20px 28px}
.grid4{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,220px),1fr));gap:16px 20px;margin-block:10px}
figure{margin:0;break-inside:avoid}
figcaption{font-size:12px;line-height:17px;margin-block-start:2px}
svg{display:block;width:100%;height:auto;direction:ltr}
svg text{font-family:inherit;fill:var(--ink)}
svg .tick{font-size:10.5px;fill:var(--soft)}svg .label{font-size:11px;fill:var(--soft)}svg .key{font-size:11px}
svg .grid{stroke:var(--line);stroke-width:1}
svg path,svg line{fill:none}
svg .model{stroke:var(--accent);stroke-width:2}svg .second{stroke:var(--second);stroke-width:1.6;stroke-dasharray:6 3}svg .base{stroke:var(--ref);stroke-width:1.6;stroke-dasharray:2 3}
svg .thin{stroke-width:1}svg .dot{fill:var(--bg);stroke-width:1.6;stroke-dasharray:none}
svg .chance{stroke:var(--line);stroke-width:1.5}
svg .bar{fill:var(--accent)}svg .ref{fill:var(--ref)}
table{border-collapse:collapse;width:100%}
th,td{text-align:start;font-weight:400;padding:4px 12px 4px 0;border-block-end:1px solid var(--line);vertical-align:top}
thead th{color:var(--soft);font-size:12px}
tbody th{font-weight:500}
.n{text-align:end;padding-inline-end:12px}
code{font:12px/18px "IBM Plex Mono",ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;overflow-wrap:anywhere;unicode-bidi:isolate;direction:ltr}
.win{font-weight:600;color:var(--accent)}
details summary{cursor:pointer;color:var(--soft);font-size:12px}
.summary{background:var(--wash);border-inline-start:3px solid var(--accent);padding:12px 16px;margin-block-start:20px}
.summary h2{border:0;margin:0 0 4px;padding:0;font-size:15px}
.summary[dir=rtl]{font:14px/24px "IBM Plex Sans Arabic","Noto Naskh Arabic","Geeza Pro","Segoe UI",Tahoma,sans-serif}
.summary p{margin-block-end:6px}
bdi{white-space:nowrap}
footer{margin-block-start:32px;padding-block-start:10px;border-block-start:1px solid var(--line);color:var(--soft);font-size:12px}
@media print{body{background:#fff}main{max-width:none;padding:0}h2{break-after:avoid}details{display:none}a{color:inherit}@page{margin:14mm}}
`.trim();

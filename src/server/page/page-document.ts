import { createHash } from 'node:crypto';
import { IMPORT_MAP, PACKAGE_STYLE_SHEETS } from './page-packages.ts';
import { MODULE_EXTENSION, STYLE_SHEETS } from './page-sources.ts';

const map = JSON.stringify(IMPORT_MAP);
const mapHash = createHash('sha256').update(map).digest('base64');
const sheets = [...PACKAGE_STYLE_SHEETS, ...STYLE_SHEETS.map((name) => `/dashboard/${name}`)];

/**
 * Everything from this server, no script in the document. An import map cannot be a file of its own; its hash lets in these very bytes.
 * A dataset's report is shown in a frame.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src 'self' 'sha256-${mapHash}'`,
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/** The document of the page; everything else is made by its modules. */
export const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>DatasetGAN</title>
<link rel="icon" href="/dashboard/icon.svg" type="image/svg+xml">
${sheets.map((href) => `<link rel="stylesheet" href="${href}">`).join('\n')}
<script type="importmap">${map}</script>
<script type="module" src="/dashboard/main${MODULE_EXTENSION}"></script>
</head>
<body>
<div id="page"></div>
<noscript>This page needs JavaScript. GET /openapi.json describes the same by REST.</noscript>
</body>
</html>
`;

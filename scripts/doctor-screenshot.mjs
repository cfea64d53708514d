// A picture of doctor in a terminal, for packages/cli/DOCTOR.md: the built command in a pseudo terminal (`script` of util-linux), at a
// FHIR server that no longer knows the client. Run after a build: node scripts/doctor-screenshot.mjs
import { execFile, execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ecKeyPair, startSmartServer } from '@axios-authorizer/test-kit';

const root = join(import.meta.dirname, '..');
const program = join(root, 'packages/cli/dist/esm/bin.js');
const [columns, charWidth, lineHeight, margin] = [100, 8.4, 19, 16];
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 2: '#8b949e' };

/** What doctor writes to a terminal, escape sequences and all. */
async function recorded() {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-picture-'));
  const { privateKey, publicKey } = ecKeyPair('P-384');
  const kid = '2026-11';
  const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  const server = await startSmartServer({ clients: [{ clientId: 'reports', jwks: { keys: [{ ...jwk, kid }] } }] });
  server.fault = 'token_expired_registration_token';
  const fhir = {
    kind: 'smart',
    baseUrl: server.baseUrl,
    clientId: 'reports',
    keys: 'key.json',
    scope: 'system/Patient.rs',
  };
  await writeFile(join(folder, 'key.json'), JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid }), {
    mode: 0o600,
  });
  await writeFile(join(folder, 'axios-authorizer.config.json'), JSON.stringify({ services: { fhir } }), {
    mode: 0o600,
  });
  const command = `stty cols ${columns} 2>/dev/null; ${process.execPath} ${program} doctor fhir 2>/dev/null`;
  try {
    const { stdout } = await promisify(execFile)('script', ['-qc', command, '/dev/null'], { cwd: folder });
    return stdout;
  } finally {
    await server.stop();
    await rm(folder, { recursive: true });
  }
}

const escaped = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

/** One line as coloured pieces. */
function pieces(line) {
  let style = '';
  // oxlint-disable-next-line no-control-regex -- the colours of a terminal
  return line.split(/\u001b\[([\d;]*)m/).map((part, index) => {
    if (index % 2 === 0) return `<tspan${style}>${escaped(part)}</tspan>`;
    style = part === '1' ? ' font-weight="bold"' : COLOURS[part] ? ` fill="${COLOURS[part]}"` : '';
    return '';
  });
}

function picture(text) {
  const lines = ['$ axios-authorizer doctor fhir', ...text.trimEnd().split(/\r?\n/)];
  // oxlint-disable-next-line no-control-regex -- the colours of a terminal
  const widest = Math.max(...lines.map((line) => line.replace(/\u001b\[[\d;]*m/g, '').length));
  const [width, height] = [widest * charWidth + 2 * margin, lines.length * lineHeight + 2 * margin];
  const rows = lines.map(
    (line, index) =>
      `<text x="${margin}" y="${margin + (index + 0.8) * lineHeight}" xml:space="preserve">${pieces(line).join('')}</text>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="ui-monospace,Menlo,Consolas,monospace" font-size="14" fill="#e6edf3">
<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>
${rows.join('\n')}
</svg>
`;
}

execFileSync('script', ['--version'], { stdio: 'ignore' });
await writeFile(join(root, 'packages/cli/doctor.svg'), picture(await recorded()));

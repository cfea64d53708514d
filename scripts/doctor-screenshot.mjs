// Pictures of doctor and status in a terminal, for packages/cli/DOCTOR.md and its README: the built command in a pseudo terminal
// (`script` of util-linux), at a FHIR server that no longer knows the client, and with what was stored of it and of another server
// before. Run after a build: node scripts/doctor-screenshot.mjs
import { execFile, execFileSync } from 'node:child_process';
import { createPublicKey } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ecKeyPair, startSmartServer } from '@axios-authorizer/test-kit';
import { startTokenEndpoint } from '@axios-authorizer/testing';

const root = join(import.meta.dirname, '..');
const program = join(root, 'packages/cli/dist/esm/bin.js');
const [columns, charWidth, lineHeight, margin] = [100, 8.4, 19, 16];
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 2: '#8b949e' };

/** What the commands write to a terminal, escape sequences and all. */
async function recorded() {
  const folder = await mkdtemp(join(tmpdir(), 'axios-authorizer-picture-'));
  const { privateKey, publicKey } = ecKeyPair('P-384');
  const kid = '2026-11';
  const jwk = createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' });
  const server = await startSmartServer({ clients: [{ clientId: 'reports', jwks: { keys: [{ ...jwk, kid }] } }] });
  const endpoint = await startTokenEndpoint({ lifetimeS: 86_400, clientSecret: 'secret-of-the-picture' });
  const services = servicesAt(server, endpoint);
  await written(join(folder, 'key.json'), { ...privateKey.export({ format: 'jwk' }), kid });
  await written(join(folder, 'axios-authorizer.config.json'), { services });
  const env = { ...process.env, HOME: folder, XDG_STATE_HOME: folder, API_SECRET: endpoint.clientSecret };
  const shown = async (command) => {
    const line = `stty cols ${columns} 2>/dev/null; ${process.execPath} ${program} ${command} 2>/dev/null`;
    return (await promisify(execFile)('script', ['-qc', line, '/dev/null'], { cwd: folder, env })).stdout;
  };
  try {
    for (const service of Object.keys(services)) await shown(`token ${service}`);
    const status = await shown('status');
    server.fault = 'token_expired_registration_token';
    return { status, 'doctor fhir': await shown('doctor fhir') };
  } finally {
    await Promise.all([server.stop(), endpoint.close(), rm(folder, { recursive: true })]);
  }
}

function servicesAt({ baseUrl }, { url: tokenUrl, clientId }) {
  return {
    fhir: { kind: 'smart', baseUrl, clientId: 'reports', keys: 'key.json', scope: 'system/Patient.rs' },
    api: { kind: 'oauth2', tokenUrl, clientId, clientSecret: 'env:API_SECRET' },
  };
}

function written(path, content) {
  return writeFile(path, JSON.stringify(content), { mode: 0o600 });
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

function picture(command, text) {
  const lines = [`$ axios-authorizer ${command}`, ...text.trimEnd().split(/\r?\n/)];
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
for (const [command, text] of Object.entries(await recorded()))
  await writeFile(join(root, 'packages/cli', `${command.split(' ')[0]}.svg`), picture(command, text));

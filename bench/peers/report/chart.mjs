// A bar chart as SVG, on a card of its own colour, so that it can be read on a dark page as on a light one.

const [WIDTH, LABELS, RIGHT, ROW, TOP] = [820, 330, 90, 24, 46];
const COLORS = { card: '#f6f8fa', border: '#d0d7de', text: '#1f2328', ours: '#0b6bcb', other: '#8c959f' };

/** @param bars each { label, value, text, isOurs } */
export function barChart(title, bars) {
  const height = TOP + bars.length * ROW + 14;
  const most = Math.max(...bars.map(({ value }) => value), 1e-9);
  const rows = bars.map((bar, index) => row(bar, TOP + index * ROW, most));
  const summary = bars.map(({ label, text }) => `${label}: ${text}`).join('; ');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title desc" font-family="system-ui, sans-serif" font-size="13">`,
    `<title id="title">${escaped(title)}</title>`,
    `<desc id="desc">${escaped(summary)}</desc>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8" fill="${COLORS.card}" stroke="${COLORS.border}"/>`,
    `<text x="16" y="28" font-size="15" font-weight="600" fill="${COLORS.text}">${escaped(title)}</text>`,
    ...rows,
    '</svg>\n',
  ].join('\n');
}

function row({ label, value, text, isOurs }, y, most) {
  const width = Math.max(1, ((WIDTH - LABELS - RIGHT) * value) / most).toFixed(1);
  const weight = isOurs ? ' font-weight="600"' : '';
  const [middle, fill] = [y + 14, isOurs ? COLORS.ours : COLORS.other];
  return [
    `<text x="${LABELS - 10}" y="${middle}" text-anchor="end"${weight} fill="${COLORS.text}">${escaped(label)}</text>`,
    `<rect x="${LABELS}" y="${y + 2}" width="${width}" height="16" rx="2" fill="${fill}"/>`,
    `<text x="${(LABELS + Number(width) + 6).toFixed(1)}" y="${middle}"${weight} fill="${COLORS.text}">${escaped(text)}</text>`,
  ].join('\n');
}

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

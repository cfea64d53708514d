// What opens a URL in the user's browser, by platform. Each takes it as an argument; no shell reads it.

export interface BrowserCommand {
  readonly command: string;
  readonly args: readonly string[];
}

export function browserCommand(url: string, platform: NodeJS.Platform): BrowserCommand {
  if (platform === 'darwin') return { command: 'open', args: [url] };
  // `start` of cmd would read `&` and `%`
  if (platform === 'win32') return { command: 'rundll32', args: ['url.dll,FileProtocolHandler', url] };
  return { command: 'xdg-open', args: [url] };
}

// Where what is kept between runs lies: the user's own folder for such things, by the custom of each platform.
import { posix, win32 } from 'node:path';
import type { Terminal } from '../terminal/terminal.js';

const NAME = 'axios-authorizer';

/** XDG_STATE_HOME or ~/.local/state; ~/Library/Application Support; %LOCALAPPDATA%. */
export function stateFolder({ platform, env, home }: Pick<Terminal, 'platform' | 'env' | 'home'>): string {
  if (platform === 'win32') return win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), NAME);
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', NAME);
  const { XDG_STATE_HOME: chosen = '' } = env;
  // The specification says that a relative path is to be ignored.
  return posix.join(posix.isAbsolute(chosen) ? chosen : posix.join(home, '.local', 'state'), NAME);
}

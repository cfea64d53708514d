// What a shell offers on Tab, made of the commands themselves. The script is static: Tab runs nothing, loads no configuration.
import type { Command, Option } from 'commander';
import type { Shell } from './shells.js';

/** What may stand behind a command (`' token smart'`), or behind an option of it (`' token --format'`). */
interface Place {
  readonly at: string;
  readonly words: readonly string[];
}

const MAKERS: Readonly<Record<Shell, (commands: readonly Place[], values: readonly Place[]) => string>> = {
  bash,
  zsh,
  fish,
};

/** The script for a shell. */
export function completionOf(program: Command, shell: Shell): string {
  const commands = placesOf(program, '');
  const values = valuesOf(program, '');
  return MAKERS[shell](commands, values);
}

function placesOf(command: Command, at: string): readonly Place[] {
  const names = command.commands.map((one) => one.name());
  const choices = command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []);
  const own = { at, words: [...names, ...choices, ...flagsOf(command), '--help'] };
  return [own, ...command.commands.flatMap((one) => placesOf(one, `${at} ${one.name()}`))];
}

function valuesOf(command: Command, at: string): readonly Place[] {
  const own = command.options.flatMap((option) => valueOf(option, at));
  return [...own, ...command.commands.flatMap((one) => valuesOf(one, `${at} ${one.name()}`))];
}

function valueOf({ long, argChoices }: Option, at: string): readonly Place[] {
  return long && argChoices ? [{ at: `${at} ${long}`, words: argChoices }] : [];
}

function flagsOf(command: Command): readonly string[] {
  return command.options.flatMap(({ long }) => long ?? []);
}

/** The command that is being written: each word that leads on from it, whatever stands between. */
function walk(commands: readonly Place[]): string {
  return commands
    .filter(({ at }) => at !== '')
    .map(({ at }) => `'${at}'`)
    .join('|');
}

function cases(places: readonly Place[], line: (words: string) => string): string {
  return places.map(({ at, words }) => `    '${at}') ${line(words.join(' '))} ;;`).join('\n');
}

function replyOfBash(words: string): string {
  return `COMPREPLY=($(compgen -W '${words}' -- "$cur")); return`;
}

function replyOfZsh(words: string): string {
  return `compadd -- ${words}; _files; return`;
}

function bash(commands: readonly Place[], values: readonly Place[]): string {
  return `# bash completion of axios-authorizer: source <(axios-authorizer completion bash)
_axios_authorizer() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$at $word" in ${walk(commands)}) at="$at $word" ;; esac
  done
  case "$at $prev" in
${cases(values, replyOfBash)}
  esac
  case "$at" in
${cases(commands, replyOfBash)}
  esac
}
complete -o default -F _axios_authorizer axios-authorizer
`;
}

function zsh(commands: readonly Place[], values: readonly Place[]): string {
  return `#compdef axios-authorizer
# zsh completion of axios-authorizer: source <(axios-authorizer completion zsh)
_axios_authorizer() {
  local at='' word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    case "$at $word" in (${walk(commands)}) at="$at $word" ;; esac
  done
  case "$at \${words[CURRENT-1]}" in
${cases(values, replyOfZsh).replaceAll("    '", "    ('")}
  esac
  case "$at" in
${cases(commands, replyOfZsh).replaceAll("    '", "    ('")}
  esac
}
compdef _axios_authorizer axios-authorizer
`;
}

function fish(commands: readonly Place[], values: readonly Place[]): string {
  return `# fish completion of axios-authorizer: axios-authorizer completion fish | source
function __axios_authorizer_place
  set -l at ''
  for word in (commandline -opc)[2..]
    switch "$at $word"
      case ${walk(commands).replaceAll('|', ' ')}
        set at "$at $word"
    end
  end
  echo "$at"
end
function __axios_authorizer_at
  set -l at (__axios_authorizer_place)
  test "$at" = "$argv[1]"; and not contains -- "$at "(commandline -opc)[-1] ${walk(values).replaceAll('|', ' ')}
end
function __axios_authorizer_behind
  set -l at (__axios_authorizer_place)
  test "$at "(commandline -opc)[-1] = "$argv[1]"
end
${commands.map((place) => lineOfFish(place, '__axios_authorizer_at')).join('\n')}
${values.map((place) => lineOfFish(place, '__axios_authorizer_behind', ' -f')).join('\n')}
`;
}

function lineOfFish({ at, words }: Place, asked: string, more: string = ''): string {
  return `complete -c axios-authorizer${more} -n "${asked} '${at}'" -a '${words.join(' ')}'`;
}

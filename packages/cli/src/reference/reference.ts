// The reference of the command, as `man` would have it, made of the commands themselves.
import type { Argument, Command, Option } from 'commander';

const INTRODUCTION = `# axios-authorizer(1)

Generated from the commands by \`npm run cli:docs\`; a test holds it at what they are.`;

/** Markdown. @param program all commands, as \`programOf\` makes them */
export function referenceOf(program: Command): string {
  const sections = [program, ...leavesOf(program)].map((command) => sectionOf(command, program));
  return `${[INTRODUCTION, ...sections].join('\n\n')}\n`;
}

/** Every command but the program, those with commands below them first. */
function leavesOf(command: Command): readonly Command[] {
  return command.commands.flatMap((one) => [one, ...leavesOf(one)]);
}

function sectionOf(command: Command, program: Command): string {
  const name = nameOf(command, program);
  const depth = name.split(' ').length;
  const parts = [
    `${'#'.repeat(Math.min(depth + 1, 4))} ${name}`,
    sentence(command.description()),
    fenced(`${name} ${usageOf(command)}`.trim()),
    tableOf(command.registeredArguments.map(argumentRow), 'argument'),
    tableOf(command.options.map(optionRow), 'option'),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function usageOf(command: Command): string {
  return command.usage().replace(/\s+/g, ' ');
}

/** With those above it. */
function nameOf(command: Command, program: Command): string {
  const above = command === program || command.parent === null ? '' : `${nameOf(command.parent, program)} `;
  return `${above}${command.name()}`;
}

function argumentRow(argument: Argument): readonly [string, string] {
  return [argument.name(), argument.description];
}

function optionRow({ flags, description, argChoices, defaultValue }: Option): readonly [string, string] {
  const choices = argChoices ? `; one of ${argChoices.join(', ')}` : '';
  const standard = typeof defaultValue === 'string' ? ` (default: ${defaultValue})` : '';
  return [flags, `${description}${choices}${standard}`];
}

function tableOf(rows: readonly (readonly [string, string])[], head: string): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([name, about]) => `| \`${name}\` | ${about.replaceAll('|', String.raw`\|`)} |`);
  return [`| ${head} | what it does |`, '| --- | --- |', ...lines].join('\n');
}

function fenced(text: string): string {
  return `\`\`\`text\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return text === '' ? '' : `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.$/, '')}.`;
}

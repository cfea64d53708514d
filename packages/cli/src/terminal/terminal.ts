// What a command sees of the world: its outputs, its input, the environment. Everything goes through it, so that tests run a
// command in their own process, and so that there is one place for what a platform or a pipe does in another way.

/** One of the two outputs. */
export interface Output {
  /** Whether a person reads it, and not a pipe or a file. */
  readonly isTerminal: boolean;
  /** How wide it is, in characters; undefined when nobody knows. */
  readonly columns: number | undefined;
  /** Writes it, and resolves once it has left. @throws what the system says, such as ENOSPC or EPIPE */
  write(text: string): Promise<void>;
}

/** Asks a person. Only called where `isInteractive` says that there is one. */
export interface Prompts {
  /** Nothing of the answer is shown. */
  secret(message: string): Promise<string>;
  text(message: string, initial?: string): Promise<string>;
  confirm(message: string, initial: boolean): Promise<boolean>;
  choose(message: string, choices: readonly Choice[]): Promise<string>;
}

export interface Choice {
  readonly value: string;
  /** As it is shown; default: the value. */
  readonly name?: string;
}

/** Whether a person is being asked: what is written meanwhile would stand in the question. */
export interface Asking {
  isOpen: boolean;
  /** Awaited before a question is shown: whoever has written something takes it away. */
  onOpen: (() => Promise<void>) | undefined;
}

/** Time, for waits that Ctrl-C ends. */
interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** A program to start for the user, such as a browser. */
export interface Opener {
  /** Resolves to whether it could be started. */
  (command: string, args: readonly string[]): Promise<boolean>;
}

export interface Terminal {
  /** What a command is asked for: a token, a table. Nothing else goes here. */
  readonly stdout: Output;
  /** What it says beside that: messages, prompts, progress. */
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** The user's folder. */
  readonly home: string;
  readonly platform: NodeJS.Platform;
  /** Of the package. */
  readonly version: string;
  /** The file that a configuration means by `@axios-authorizer/cli`. */
  readonly ownModule: string;
  /** Whether a person is there to answer: input and stderr are terminals. */
  readonly isInteractive: boolean;
  readonly prompts: Prompts;
  readonly asking: Asking;
  readonly clock: Clock;
  /** Aborts with Ctrl-C and SIGTERM, unless somebody has taken the signals over. */
  readonly interrupted: AbortSignal;
  /** Takes SIGINT, SIGTERM and SIGHUP over, for a command that passes them on. Returns what gives them back. */
  takeSignals(listener: (name: NodeJS.Signals) => void): () => void;
  /** Starts a program and does not wait for its end. */
  readonly open: Opener;
  /** The secrets that were read in this run: no message may show one. */
  readonly secrets: Set<string>;
}

// The bodies that are sent once, and again after a 401. Each is made anew for each client, and `isWhole` knows it on the server.

const TEXT = 'The body that must arrive whole. '.repeat(200);

export const bodies = {
  json: {
    kind: 'json',
    make: () => ({ note: TEXT }),
    isWhole: ({ body }) => body.toString() === JSON.stringify({ note: TEXT }),
  },
  form: {
    kind: 'form',
    make: () => {
      const form = new FormData();
      form.append('note', TEXT);
      return form;
    },
    isWhole: ({ body, headers }) => {
      const boundary = /boundary="?([^";]+)/.exec(headers['content-type'] ?? '')?.[1];
      return boundary !== undefined && body.includes(TEXT) && body.includes(`--${boundary}--`);
    },
  },
  stream: {
    kind: 'stream',
    make: () => [Buffer.from(TEXT)],
    isWhole: ({ body }) => body.toString() === TEXT,
  },
};

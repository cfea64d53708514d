import config from './jest.config.js';
import { roomsOf } from './scripts/lib/rooms.mjs';

const isForFiles = process.argv.some((argument) => argument.endsWith('.test.ts'));

// `npm test`: files of one folder are run together, since they load the same sources. A file that is named is run alone.
export default isForFiles ? config : { ...config, projects: config.projects.map(roomsOf) };

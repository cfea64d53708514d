#!/usr/bin/env node
// The program: reads the command line and ends with the exit code of what failed.
import { Command } from 'commander';

await new Command('axios-authorizer').parseAsync();

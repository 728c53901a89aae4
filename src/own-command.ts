/** How the reader of a message types this program. Where npm started it, as in a clone, the program is on the PATH of npm alone. */
export const OWN_COMMAND = process.env.npm_command === undefined ? 'datasetgan' : 'npx datasetgan';

// A pbjs target: the published schemas that our kinds reach, as one line of JSON beside the code that serves them.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");

/** The target as pbjs calls it. */
module.exports = function targetOpenApi(_root, _options, callback) {
  const text = readFileSync(join(__dirname, "../../../protos/openapi/schemas.json"), "utf8");
  callback(null, `${JSON.stringify(JSON.parse(text))}\n`);
};

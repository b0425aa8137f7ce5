// A module of Node that is imported and not used. A CommonJS module has whatever name is imported.
module.exports = {}

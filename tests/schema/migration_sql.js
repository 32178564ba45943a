// Prints the SQL that migrations written as programs would run, without running it.
//
//   node migration_sql.js <FILES      (a list, one a line)
//
// Two kinds are known: MikroORM's (a class with `up`, which calls `addSql`) and db-migrate's (an exported `up(db, cb)`,
// which calls `runSql`, or the helpers that stand for it). Each file gives a record: \x1e NAME \x1f SQL.
'use strict';

const Module = require('module');
const path = require('path');

const load = Module._load;
// What the migrations require, as far as saying SQL needs it; the packages themselves are not installed.
const STANDS_FOR = {
  '@medusajs/framework/utils': () => ({ generatePostgresAlterColummnIfExistStatement: alterIfThere }),
  async: () => ({ series: (steps, done) => steps.reduceRight((next, step) => () => step(next), () => done())() }),
  ulid: () => ({ ulid: () => '00000000000000000000000000' }),
  uuid: () => ({ v4: () => '00000000-0000-4000-8000-000000000000' }),
};

Module._load = function (request, ...rest) {
  if (request.includes('mikro-orm')) return { Migration: Said };
  return STANDS_FOR[request] ? STANDS_FOR[request]() : load.call(this, request, ...rest);
};

// What they tell their user is no SQL.
for (const word of ['log', 'info', 'warn', 'debug']) console[word] = () => {};

class Said {
  constructor() {
    this.said = [];
  }
  addSql(sql) {
    this.said.push(String(sql));
  }
  execute() {
    return [];
  }
}

// Medusa's helper of that name: a change of columns where they are there.
function alterIfThere(table, columns, change) {
  const each = columns.map((name) => `
    IF EXISTS (SELECT FROM information_schema.columns WHERE table_name = '${table}' AND column_name = '${name}') THEN
      ALTER TABLE "${table}" ALTER COLUMN "${name}" ${change};
    END IF;`);
  return `DO $$ BEGIN ${each.join('')} END $$;`;
}

function quoted(name) {
  return `"${name}"`;
}

// db-migrate's own words for a column, as far as they are used.
function column(name, spec) {
  const types = { string: 'VARCHAR', int: 'INTEGER', text: 'TEXT', timestamp: 'TIMESTAMP', boolean: 'BOOLEAN', json: 'JSON' };
  const given = typeof spec === 'string' ? { type: spec } : spec;
  let text = `${quoted(name)} ${types[given.type] || given.type.toUpperCase()}`;
  if (given.length) text += `(${given.length})`;
  if (given.primaryKey) text += ' PRIMARY KEY';
  if (given.autoIncrement) text = `${quoted(name)} SERIAL PRIMARY KEY`;
  if (given.notNull) text += ' NOT NULL';
  if (given.defaultValue !== undefined) {
    const raw = given.defaultValue;
    text += ` DEFAULT ${raw && raw.special ? raw.special : typeof raw === 'string' && raw !== 'now()' ? `'${raw}'` : raw}`;
  }
  return text;
}

function database(said) {
  const say = (sql, done) => {
    said.push(sql);
    if (typeof done === 'function') done(null, { rows: [] });
    return Promise.resolve({ rows: [] });
  };
  const last = (words) => words[words.length - 1];
  return {
    runSql: (sql, ...rest) => say(sql, last(rest)),
    all: (sql, ...rest) => (typeof last(rest) === 'function' ? last(rest)(null, []) : undefined),
    createTable: (name, spec, done) => {
      const columns = spec.columns || spec;
      return say(`CREATE TABLE ${quoted(name)} (${Object.keys(columns).map((key) => column(key, columns[key])).join(', ')})`, done);
    },
    dropTable: (name, done) => say(`DROP TABLE ${quoted(name)}`, done),
    addColumn: (table, name, spec, done) => say(`ALTER TABLE ${quoted(table)} ADD COLUMN ${column(name, spec)}`, done),
    removeColumn: (table, name, done) => say(`ALTER TABLE ${quoted(table)} DROP COLUMN ${quoted(name)}`, done),
    renameColumn: (table, name, to, done) =>
      say(`ALTER TABLE ${quoted(table)} RENAME COLUMN ${quoted(name)} TO ${quoted(to)}`, done),
    addIndex: (table, name, columns, unique, done) =>
      say(`CREATE ${unique === true ? 'UNIQUE ' : ''}INDEX ${quoted(name)} ON ${quoted(table)} (${columns.map(quoted).join(', ')})`,
        typeof unique === 'function' ? unique : done),
    removeIndex: (table, name, done) => say(`DROP INDEX ${quoted(name)}`, done),
  };
}

async function sqlOf(file) {
  const exported = require(path.resolve(file));
  if (exported.up) {
    const said = [];
    await new Promise((resolve, reject) => {
      const returned = exported.up(database(said), (error) => (error ? reject(error) : resolve()));
      if (returned && returned.then) returned.then(resolve, reject);
    });
    return said;
  }
  const migration = new (Object.values(exported).find((each) => typeof each === 'function'))();
  await migration.up();
  return migration.said;
}

// A migration that never calls back would end the program without a word.
let finished = false;
process.on('exit', () => {
  if (!finished) process.exitCode = 1;
});

(async () => {
  for (const file of require('fs').readFileSync(0, 'utf8').trim().split('\n')) {
    const said = await sqlOf(file);
    process.stdout.write(`\x1e${path.basename(file, '.js')}\x1f${said.map((sql) => sql.trim().replace(/;*$/, ';')).join('\n')}`);
  }
  finished = true;
})().catch((error) => {
  console.error(error);
  process.exit(1);
});

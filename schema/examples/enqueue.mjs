// Enqueue a list, then read jobs and results: node enqueue.mjs DATABASE
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const PRODUCTS = ["B0086FFHLS", "B00NNUMI86", "B0086FFHLS", "b00-oops"];

const path = process.argv[2];
// DatabaseSync would create a missing file.
if (!existsSync(path)) throw new Error(`${path} does not exist`);
const db = new DatabaseSync(path);
db.exec("PRAGMA busy_timeout = 5000");
db.exec("PRAGMA wal_autocheckpoint = 0");
db.exec("PRAGMA synchronous = FULL");

const insert = db.prepare(
  "INSERT OR IGNORE INTO queue (endpoint, product, label) VALUES ('images', ?, 'spring')");
db.exec("BEGIN IMMEDIATE");
try {
  for (const product of PRODUCTS) {
    try {
      console.log(product, insert.run(product).changes ? "added" : "already open");
    } catch (error) {
      // 19 is SQLITE_CONSTRAINT: the row is refused, and the transaction is still open.
      if ((error.errcode & 0xff) !== 19) throw error;
      console.log(product, "refused:", error.message);
    }
  }
  db.exec(`
    INSERT OR IGNORE INTO queue (endpoint, product, label)
      VALUES ('lookup', '0631102001550', 'spring');
    INSERT OR IGNORE INTO queue (endpoint, product, pages, label)
      VALUES ('search', 'monster vent', 5, 'spring');
    INSERT OR IGNORE INTO queue (endpoint, product, then_lookup, label)
      VALUES ('barcodes', 'B0086FFHLS', 30 * 86400000, 'spring')`);
  db.exec("COMMIT");
} catch (error) {
  db.exec("ROLLBACK");
  throw error;
}

for (const query of [
  "SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id",
  `SELECT asin, position, url FROM queue JOIN image ON asin = product
    WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position`,
  `SELECT merchant, price, currency FROM offer
    WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position`,
  `SELECT asin, code, merchant, price, currency FROM chain
    WHERE asin = 'B0086FFHLS' ORDER BY position`,
]) {
  for (const row of db.prepare(query).all()) console.log(...Object.values(row));
}
db.close();

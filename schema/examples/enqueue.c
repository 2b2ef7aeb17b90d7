/* Enqueue a list, then read jobs and results. Build: cc enqueue.c -lsqlite3 -o enqueue */
#include <sqlite3.h>
#include <stdio.h>

static int print_row(void *unused, int count, char **values, char **names) {
    (void)unused, (void)names;
    for (int i = 0; i < count; i++)
        printf("%s%c", values[i] ? values[i] : "", i + 1 < count ? ' ' : '\n');
    return 0;
}

int main(int argc, char **argv) {
    const char *products[] = {"B0086FFHLS", "B00NNUMI86", "B0086FFHLS", "b00-oops"};
    sqlite3 *db = NULL;
    sqlite3_stmt *insert = NULL;
    int failed = 1;

    if (argc != 2 || sqlite3_open_v2(argv[1], &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK)
        goto end;
    if (sqlite3_exec(db, "PRAGMA busy_timeout = 5000; PRAGMA wal_autocheckpoint = 0;"
                         "PRAGMA synchronous = FULL; BEGIN IMMEDIATE", NULL, NULL, NULL) ||
        sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO queue (endpoint, product, label)"
                               " VALUES ('images', ?, 'spring')", -1, &insert, NULL))
        goto end;

    for (size_t i = 0; i < sizeof products / sizeof *products; i++) {
        sqlite3_bind_text(insert, 1, products[i], -1, SQLITE_STATIC);
        int code = sqlite3_step(insert);
        if (code == SQLITE_DONE)
            printf("%s %s\n", products[i], sqlite3_changes(db) ? "added" : "already open");
        else if ((code & 0xff) == SQLITE_CONSTRAINT)
            printf("%s refused: %s\n", products[i], sqlite3_errmsg(db));
        else
            goto end;
        sqlite3_reset(insert);
    }
    failed = sqlite3_exec(db,
        "INSERT OR IGNORE INTO queue (endpoint, product, label)"
        " VALUES ('lookup', '0631102001550', 'spring');"
        "INSERT OR IGNORE INTO queue (endpoint, product, pages, label)"
        " VALUES ('search', 'monster vent', 5, 'spring');"
        "INSERT OR IGNORE INTO queue (endpoint, product, then_lookup, label)"
        " VALUES ('barcodes', 'B0086FFHLS', 30 * 86400000, 'spring');"
        "COMMIT;"
        "SELECT product, state FROM queue WHERE label = 'spring' ORDER BY id;"
        "SELECT asin, position, url FROM queue JOIN image ON asin = product"
        " WHERE label = 'spring' AND endpoint = 'images' ORDER BY id, position;"
        "SELECT merchant, price, currency FROM offer"
        " WHERE endpoint = 'lookup' AND product = '0631102001550' ORDER BY position;"
        "SELECT asin, code, merchant, price, currency FROM chain"
        " WHERE asin = 'B0086FFHLS' ORDER BY position",
        print_row, NULL, NULL) != SQLITE_OK;
end:
    if (failed) fprintf(stderr, "%s\n", db ? sqlite3_errmsg(db) : "usage: enqueue DATABASE");
    sqlite3_finalize(insert);
    sqlite3_close(db); /* rolls an open transaction back */
    return failed;
}

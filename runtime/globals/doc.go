// Package globals is the storage engine behind ^globals, LOCK, transactions and the job table. A DB is
// a data directory, a Session one M process on it; the engine sees keys and values as bytes and knows
// nothing of M's values.
//
// # The default engine
//
// The first process on a data directory owns the store; a file lock decides (shared.go). The owner
// holds, from the top down:
//
//   - the trees (tree.go, page.go): the nodes of each global in pages of up to 128 neighbours, found
//     through an ordered index (tidwall/btree) and a cursor per session. A page that is not in memory
//     is a gap in its tree and is read when a key in it is wanted; the cache (cache.go) gives up what
//     has not been used, within a budget.
//   - the log (log.go): every change since the last checkpoint, handed to the operating system by one
//     write(2) for many changes, before anybody outside the process can learn of them
//     (Session.Barrier), and synced by the chosen Durability.
//   - the store (store.go): a pebble database with a record for each node, to which checkpoints and
//     evictions bring changed nodes. It opens at its first use: a small data set lives in the log.
//   - the lock table (lock.go) and the job table (owner.go).
//
// Other processes reach the owner over a Unix socket (wire.go, server.go, client.go), a connection for
// each session, with two rings in shared memory beside it (link.go). Changes are sent ahead in frames; a question waits for its answer. What was read is
// remembered page by page and used without asking as long as counters in shared memory show that
// nobody has changed the global since (versions.go, readahead.go), so that cause and effect stay in
// order. When the owner ends or is killed, whoever gets the file lock becomes the owner and reads the
// log back (recover.go); every live process registers with it, its sessions keep their numbers,
// transactions and locks (adopt.go), and repeat what the old owner had not answered. Changes are
// numbered by session and the numbers are in the log, so none is lost and none is done twice. LOCKs
// are granted again once every process that lives has registered.
//
// # Alternatives measured
//
// One million nodes of about 20 bytes on two shared cores; million operations per second:
//
//	                              set        get        next    set, each one in the
//	                              scattered  scattered  node    system's hands at once
//	this engine, owner            1.76       1.50       11.4    0.7 (the log's write(2))
//	tree of single nodes, btree   1.51       1.49       5.1     -
//	pebble alone                  1.20       0.11       -       0.34
//	pebble, 1000 sets a batch     1.46
//	bbolt alone                   -          0.94       -       0.056
//	bbolt, 1000 sets a batch      0.088
//
// So a log of our own in front: with pebble's the writer waits for another goroutine (3.0 µs a change
// against 0.7), and each increment of a counter would go through its tables. So pebble behind it: a
// checkpoint of scattered changes costs bbolt ten times as much (11.4 µs a node against 0.7), although
// bbolt reads 128 neighbours faster (3.6 µs against 23 µs), and deleting a range costs pebble one
// record. And so pages rather than single nodes in the tree: as fast, neighbours are twice as fast, a
// node takes about 55 bytes with its key and value and nothing for the garbage collector to follow, and
// a page says that there is nothing between its nodes, which a cache of single nodes cannot.
//
// A process that asks the owner for each operation over the socket reaches 0.03 to 0.12 M/s (8 to
// 30 µs); through the rings 0.3 to 0.6 M/s ($INCREMENT, LOCK, a transaction, a $GET after each SET),
// when a side that waits gives up its processor (without that both wait for one another on a busy
// machine, 0.05 M/s). Leases of locks and counters to a process would spare the question, but must be
// called back from a process that may be stopped or dead; the rings reach the aim without. With what it
// remembers and sends ahead, the same process sets 1.5 M/s and gets 1.1 M/s scattered, and gets
// 3.2 M/s and walks 2.3 M/s in order. The log in a mapped file (no system call at all) was not
// taken: a full disk would end the process instead of refusing the change.
package globals

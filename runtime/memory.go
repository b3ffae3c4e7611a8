package runtime

// Memory of a process: what is claimed before something large is made.

// claim asks for memory before it is allocated, or raises <STORE>.
func (p *Process) claim(bytes int) {
	if bytes > maxClaim {
		p.raise(errStore, "")
	}
}

// claimItems is claim for n items.
func (p *Process) claimItems(n int64, size int) {
	if n > maxClaim/int64(size) {
		p.raise(errStore, "")
	}
	p.claim(int(n) * size)
}

const maxClaim = 1 << 30

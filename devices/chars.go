package devices

// Single characters as Text without allocation.

// latin holds every one-byte character; oneChar cuts it up.
var latin = func() string {
	b := make([]byte, 256)
	for i := range b {
		b[i] = byte(i)
	}
	return string(b)
}()

// oneChar is the text of one character below 256.
func oneChar(b byte) Text { return Text{S: latin[b : int(b)+1]} }

// Control characters that devices know by name.
const (
	charETX = 3 // Ctrl-C
	charBEL = 7
	charBS  = 8
	charTab = 9
	charLF  = 10
	charFF  = 12
	charCR  = 13
	charNAK = 21 // Ctrl-U
	charESC = 27
	charDEL = 127
)

// MaxString is the longest string in characters; an unbounded READ ends there.
const MaxString = 3641144

package lang

// How a source line is shown below an error.

// excerptWidth is how many characters of a line are shown: lines of data have megabytes.
const excerptWidth = 200

// cut marks where an excerpt leaves something out.
const cut = "…"

// Excerpt shortens a line around a column, which counts characters from 1, and returns
// the column in what is left of the line. Characters that a terminal would obey are shown
// as Visible does, one for one, so that the column stays.
func Excerpt(line string, column int) (string, int) {
	line, column = excerpt(line, column)
	return Visible(line), column
}

func excerpt(line string, column int) (string, int) {
	if len(line) <= excerptWidth {
		return line, column
	}
	chars := []rune(line)
	if len(chars) <= excerptWidth {
		return line, column
	}
	from := min(max(column-excerptWidth/2, 0), len(chars)-excerptWidth)
	to := from + excerptWidth
	shown := string(chars[from:to])
	if to < len(chars) {
		shown += cut
	}
	if from > 0 {
		return cut + shown, column - from + 1
	}
	return shown, column
}

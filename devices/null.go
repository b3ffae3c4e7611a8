package devices

// The null device: READ returns "" at once, WRITE goes nowhere (spec §5.3). It is the
// principal device of jobs.

// null is a null device. $X and $Y are kept, for programs that look at them.
type null struct {
	name  string
	state State
}

// NewNull returns a null device of the given name, which jobs get as their principal.
func NewNull(name string) Device { return &null{name: name} }

func openNull(o *opening) (Device, error) { return NewNull(o.name), nil }

func (d *null) Name() string              { return d.name }
func (d *null) State() *State             { return &d.state }
func (d *null) Interrupt()                {}
func (d *null) WriteChar(int) error       { return nil }
func (d *null) Control(int) error         { return nil }
func (d *null) Flush(FlushReason) error   { return nil }
func (d *null) Use(Params) error          { return nil }
func (d *null) Close(Params) error        { return nil }
func (d *null) WriteBytes(b []byte) error { d.state.X += columns(b); return nil }

func (d *null) Write(s Text) error {
	if s.Wide {
		d.state.X += len(s.S) / 2
		return nil
	}
	d.state.X += columns(s.S)
	return nil
}

func (d *null) Format(f Format, n int) error {
	switch f {
	case Newline:
		d.state.X, d.state.Y = 0, d.state.Y+1
	case FormFeed:
		d.state.X, d.state.Y = 0, 0
	case Tab:
		d.state.X = max(d.state.X, n)
	}
	return nil
}

func (d *null) Read(spec ReadSpec) (Result, error) {
	d.state.ZA, d.state.ZB, d.state.Key = 0, Text{}, Text{}
	if spec.Char {
		return Result{Char: -1}, nil
	}
	return Result{}, nil
}

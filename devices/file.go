package devices

func openFile(o *opening) (Device, error) {
	return nil, &Error{Name: "UNIMPLEMENTED", Device: o.name, Info: "files"}
}

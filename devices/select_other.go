//go:build !unix

package devices

import "time"

func pollSockets([]int) ([]int, error) { return nil, ErrNoSelect }

func waitSockets(Host, []int, time.Time) error { return ErrNoSelect }

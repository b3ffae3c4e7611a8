// Package devices is what OPEN, USE, READ, WRITE and CLOSE work on.
package devices

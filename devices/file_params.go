package devices

// THE FILE PARAMETER TABLE.

var fileParams = table[tcpOptions]{}

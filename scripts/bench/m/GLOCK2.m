GLOCK2 ; incremental LOCK and unlock of one node, uncontended
 NEW I,N
 SET N=200000
 FOR I=1:1:N LOCK +^L2(1) LOCK -^L2(1)
 WRITE "GLOCK2 ",N,!
 QUIT

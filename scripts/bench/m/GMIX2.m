GMIX2 ; SET, $GET of what was just set, $ORDER: nothing can be sent ahead or remembered
 NEW I,K,N,X
 SET N=100000,X=0,K=""
 FOR I=1:1:N SET ^M2(I#1000)=I SET X=X+^M2(I#1000) SET K=$ORDER(^M2(K))
 WRITE "GMIX2 ",X,!
 QUIT

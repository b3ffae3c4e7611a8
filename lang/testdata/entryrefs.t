# sources: entryrefs
label
	Entry
		Entry label
label+2^routine(1,"x")
	Entry
		Entry label+2^routine
		Actual (1,"x")
		Parens true
^routine
	Entry
		Entry ^routine
^%Z.A
	Entry
		Entry ^%Z.A
label^routine
	Entry
		Entry label^routine
lab()
	Entry
		Entry lab
		Parens true
1^r
	Entry
		Entry 1^r
%lab+x
	Entry
		Entry %lab+x
@x
	Entry
		Call (@ x)
@x+1^@y
	Entry
		Entry (@ x)+1^(@ y)
@x(1)@(2)
	Entry
		Call (@ x(1) (2))
^@y
	Entry
		Entry ^(@ y)
^|"NS"|r
	Entry
		Entry ^r in "NS"
lab^|"NS"|r(1)
	Entry
		Entry lab^r in "NS"
		Actual (1)
		Parens true
obj.m(1)
	Entry
		Call obj.m(1)
##class(A).m(.x)
	Entry
		Call ##class(A).m(.x)
$SYSTEM.TCPDevice.Help()
	Entry
		Call $SYSTEM.TCPDevice.Help()
$case(x,1:a^b,:c+1)
	Entry
		Call $CASE(x,1:entry a^b,-:entry c+1)
lab(.a,,b...):x=1
	Entry
		Entry lab
		Actual (.a,-,b...)
		Parens true
		Post (= x 1)
..m()
	Entry
		Call ..m()

# Errors.

lab+
	1:5: unexpected end of input, expected an expression
lab^
	1:4: unexpected "^", expected the end of the entryref
lab(
	1:5: unexpected end of input, expected an expression
a,b
	1:3: more than one entryref
"x"
	1:1: unexpected "x", expected a label or ^routine
-1
	1:1: unexpected "-", expected a label or ^routine
lab-1
	1:4: unexpected "-", expected the end of the entryref

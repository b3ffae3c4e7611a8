# sources: routine
ROUTINE demo [Type=MAC]
 ; comment
main ; entry
 S x=1
sub(a,b=1,c...) Q a+b
%pct Q
007 Q
f() Q 1
 D
 . S x=1
 . . W x
 . I x { W 1
 . }
 . ELSE { W 2 }
lbl . S x=1
	line 3
		Label
			Name main
	line 4
		SET
			Arg
				Target x
				Value 1
	line 5
		Label
			Name sub
			Parens true
			Formal
				Name a
			Formal
				Name b
				Default 1
			Formal
				Name c
				Variadic true
		QUIT
			Arg
				X (+ a b)
	line 6
		Label
			Name %pct
		QUIT
	line 7
		Label
			Name 007
		QUIT
	line 8
		Label
			Name f
			Parens true
		QUIT
			Arg
				X 1
	line 9
		DO
	line 10 level 1
		SET
			Arg
				Target x
				Value 1
	line 11 level 2
		WRITE
			Arg
				Expr x
	line 12 level 1
		IF
			Cond x
			Block 12:8 to 13:4
				line 12
					WRITE
						Arg
							Expr 1
			Else 14:9 to 14:15
				line 14
					WRITE
						Arg
							Expr 2
	line 15 level 1
		Label
			Name lbl
		SET
			Arg
				Target x
				Value 1

p(x,y) PUBLIC [a,b] {
 S x=1
in Q x
 IF x { G in }
}
q() [] PRIVATE { Q 1 }
r(x As %String, y As %Library.Integer = 5) PRIVATE
{
 Q x
}
r2(ByRef x As %String, Output y, As=1, output) Q
s [a]PUBLIC {
}
after Q
	line 1
		Label
			Name p
			Parens true
			Formal
				Name x
			Formal
				Name y
			Access PUBLIC
			Listed true
			Public a
			Public b
			Body 1:21 to 5:1
				line 2
					SET
						Arg
							Target x
							Value 1
				line 3
					Label
						Name in
					QUIT
						Arg
							X x
				line 4
					IF
						Cond x
						Block 4:7 to 4:14
							line 4
								GOTO
									Arg
										Entry in
	line 6
		Label
			Name q
			Parens true
			Access PRIVATE
			Listed true
			Body 6:16 to 6:22
				line 6
					QUIT
						Arg
							X 1
	line 7
		Label
			Name r
			Parens true
			Formal
				Name x
			Formal
				Name y
				Default 5
			Access PRIVATE
			Body 8:1 to 10:1
				line 9
					QUIT
						Arg
							X x
	line 11
		Label
			Name r2
			Parens true
			Formal
				Name x
			Formal
				Name y
			Formal
				Name As
				Default 1
			Formal
				Name output
		QUIT
	line 12
		Label
			Name s
			Access PUBLIC
			Listed true
			Public a
			Body 12:13 to 13:1
	line 14
		Label
			Name after
		QUIT

#!/usr/bin/env cos
ROUTINE demo
#; dropped
#dim x As %String
 #dim y,z As %Integer = 5 + 1
##; dropped too
// dropped
/* dropped
 S x=1
*/
t /* c */ S x=1
	line 5
		SET
			Arg
				Target y
				Target z
				Value (+ 5 1)
	line 11
		Label
			Name t
		SET
			Arg
				Target x
				Value 1

a	; tabs do as blanks
	line 1
		Label
			Name a

main W 1,
 2
lab W 3,
next W 4
	line 1
		Label
			Name main
		WRITE
			Arg
				Expr 1
			Arg
				Expr 2
	line 3
		Label
			Name lab
		Bad WRITE 3:9
	line 4
		Label
			Name next
		WRITE
			Arg
				Expr 4
	3:9: unexpected end of line, expected an expression

 FOR i=1:1:3 IF x {
  W 1
 } W 2
 W 3
	line 1
		FOR
			Var i
			Range
				From 1
				Step 1
				To 3
		IF
			Cond x
			Block 1:19 to 3:2
				line 2
					WRITE
						Arg
							Expr 1
		WRITE
			Arg
				Expr 2
	line 4
		WRITE
			Arg
				Expr 3

 Q ;comment
 Q;comment
 Q //comment
 D lab;comment
	line 1
		QUIT
	line 2
		QUIT
	line 3
		QUIT
	line 4
		DO
			Arg
				Entry lab

# Errors: each line on its own, blocks balanced.
a S x=1+,y=2
b W 1
 FOO x
 IF x=( {
  W ,
  S y=1
 } ELSE {
  FOO
 }
 W 2
 }
 TRY {
  S x=
 }
 CATCH e { BAR }
 Q
	line 1
		Label
			Name a
		Bad SET 1:9
	line 2
		Label
			Name b
		WRITE
			Arg
				Expr 1
	line 3
		Bad  3:2
	line 4
		Bad IF 4:9
	line 10
		WRITE
			Arg
				Expr 2
	line 11
		Bad  11:2
	line 12
		TRY
			Block 12:6 to 14:2
				line 13
					Bad SET 13:7
			Catch 15:10 to 15:16
				line 15
					Bad  15:12
			CatchVar e
	line 16
		QUIT
	1:9: unexpected ",", expected an expression
	3:2: unknown command "FOO"; did you mean FOR?
	4:9: unexpected "{", expected an expression
	5:5: unexpected ",", expected an expression
	8:3: unknown command "FOO"; did you mean FOR?
	11:2: unexpected "}": no block is open
	13:7: unexpected end of line, expected an expression
	15:12: unknown command "BAR"

lab(a Q
lab(1) Q
lab(a,) Q
lab(a)Q
lab:x Q
lab(a) PUBLIC [x {
.bad
 Q
	line 1
		Label
			Name lab
			Parens true
			Formal
				Name a
		Bad  1:7
	line 2
		Label
			Name lab
			Parens true
		Bad  2:5
	line 3
		Label
			Name lab
			Parens true
			Formal
				Name a
		Bad  3:7
	line 4
		Label
			Name lab
			Parens true
			Formal
				Name a
		Bad  4:7
	line 5
		Label
			Name lab
		Bad  5:4
	line 6
		Label
			Name lab
			Parens true
			Formal
				Name a
			Access PUBLIC
			Listed true
			Public x
		Bad  6:18
	line 7
		Bad  7:1
	line 8
		QUIT
	1:7: unexpected "Q", expected ")"
	2:5: unexpected "1", expected ")"
	3:7: unexpected ")", expected a parameter name
	4:7: unexpected "Q", expected a command or the end of the line
	5:4: unexpected ":", expected a command or the end of the line
	6:18: unexpected "{", expected "]"
	7:1: unexpected ".", expected a command

 IF x {
  S y=1
lab Q
	line 1
		Bad IF 1:7
	1:7: "{" without its "}"

#define A 1
#include x
 #if x
	2:1: there is no include file x
	3:2: #if: expressions are not computed here
	3:2: #if without its #endif

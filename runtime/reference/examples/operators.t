unary +
> WRITE +"007abc"," ",+"1.50"," ",+"abc"
7 1.5 0

unary -
> WRITE -"5 apples"," ",--3," ",-2**2
-5 3 4

'
> WRITE '0," ",'5," ",5'=6
1 0 1

+
> WRITE 2+3*4," ","3 pears"+1
20 4

-
> WRITE 5-7," ",10-2-3
-2 5

*
> WRITE 1.5*4," ",.1*.1
6 .01

/
> WRITE 7/2," ",1/3
3.5 .3333333333333333333
> WRITE 1/0
<DIVIDE>

\
> WRITE 7\2," ",-7\2
3 -3

#
> WRITE 7#3," ",-7#3," ",7#-3," ",5.5#2
1 2 -2 1.5

**
> WRITE 2**10," ",2**-1," ",9**.5
1024 .5 3

_
> WRITE "a"_1_"b"
a1b

=
> WRITE "a"="a"," ",1=1.0," ","1.0"=1
1 1 0

'=
> WRITE "a"'="b"
1

<
> WRITE 1<2," ","10"<"9"
1 0

'<
> WRITE 2'<2
1

>
> WRITE 10>9," ","b">"a"
1 0

'>
> WRITE 2'>2
1

<=
> WRITE 2<=2," ",3<=2
1 0

>=
> WRITE 2>=2," ",1>=2
1 0

[
> WRITE "banana"["nan"," ","a"[""
1 1

'[
> WRITE "banana"'["x"
1

]
> WRITE "b"]"a"," ",10]9
1 0

']
> WRITE "a"']"b"
1

]]
> WRITE 10]]9," ","a"]]10
1 1

']]
> WRITE 9']]10
1

?
> WRITE "AB12"?2U2N," ","a1"?.E1N," ","cat"?1(1"cat",1"dog")
1 1 1

'?
> WRITE "x"'?1N
1

&
> WRITE 1&0," ",5&"3x"
0 1

'&
> WRITE 1'&0
1

&&
> WRITE 0&&none," ",1&&2
0 1

!
> WRITE 1!0," ",0!0
1 0

'!
> WRITE 0'!0
1

||
> WRITE 1||none," ",0||0
1 0

@
> SET x="y",y="value" WRITE @x SET @x@(1)="below" WRITE " ",y(1)
value below

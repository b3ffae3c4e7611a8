package runtime

// Device keywords with several values: /ARGS=a,b, /ENV=(name:value,…), /ARGS=array...

import (
	"cos/devices"
	"cos/lang"
)

// itemNode is one value, with its name, or all nodes of an array.
type itemNode struct {
	name, value expr
	spread      glvn
}

func (c *compiler) paramItems(list []*lang.Item) []itemNode {
	var out []itemNode
	for _, a := range list {
		n := itemNode{}
		if a.Spread {
			n.spread = c.refActual(a.Value.X)
		} else {
			n.name, n.value = c.exprOf(a.Name), c.exprOf(a.Value)
		}
		out = append(out, n)
	}
	return out
}

// paramItems evaluates the values of one keyword.
func (p *Process) paramItems(list []itemNode) []devices.Item {
	out := make([]devices.Item, 0, len(list))
	for i := range list {
		n := &list[i]
		if n.spread != nil {
			out = append(out, p.arrayItems(n.spread)...)
			continue
		}
		x := devices.Item{Value: n.value.eval(p).device()}
		if n.name != nil {
			x.Name = n.name.eval(p).device()
		}
		out = append(out, x)
	}
	return out
}

// arrayItems are the nodes one level below a local array, in collation order.
func (p *Process) arrayItems(array glvn) (out []devices.Item) {
	r := array.resolve(p)
	v := p.lookup(r.slot)
	r.drop(p)
	if v == nil || v.nodes == nil {
		return []devices.Item{}
	}
	for k, ok := v.nodes.order(Empty, 1); ok; k, ok = v.nodes.order(k, 1) {
		if n := v.nodes.find(k); n != nil && n.Value.defined() {
			out = append(out, devices.Item{Name: k.asText().device(), Value: n.Value.asText().device()})
		}
	}
	return out
}

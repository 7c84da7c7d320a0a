package dev.channels.it.ee;

import dev.channels.event.ToChannel;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.transaction.Transactional;

@ApplicationScoped
public class OrderDesk {

    @Inject
    @ToChannel("orders")
    private Event<Order> orders;

    @Inject
    @ToChannel("order-{id}")
    private Event<Order> order;

    public void place(Order placed) {
        orders.fire(placed);
    }

    @Transactional
    public void place(Order placed, boolean fail) {
        order.fire(placed);
        if (fail) {
            throw new IllegalStateException("rolls back");
        }
    }
}

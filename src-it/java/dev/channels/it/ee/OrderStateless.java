package dev.channels.it.ee;

import dev.channels.event.FromChannel;
import jakarta.ejb.Stateless;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

@Stateless
public class OrderStateless {

    @Inject private OrderLedger ledger;

    public void changed(@Observes @FromChannel("orders") Order order) {
        ledger.note("stateless", order);
    }
}

package dev.channels.it.ee;

import dev.channels.event.FromChannel;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;

@Dependent
public class OrderDependent {

    @Inject private OrderLedger ledger;

    void changed(@Observes @FromChannel("orders") Order order) {
        ledger.note("dependent", order);
    }
}

package dev.channels.it.app;

import jakarta.annotation.Resource;
import jakarta.ejb.SessionContext;
import jakarta.ejb.Stateless;

/** Tells who calls. */
@Stateless
public class Caller {

    @Resource private SessionContext context;

    public String name() {
        return context.getCallerPrincipal().getName();
    }
}

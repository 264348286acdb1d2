// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { Vault } from "../../src/Vault.sol";
import { IVault } from "../../src/interfaces/IVault.sol";
import { Accounts, Kind } from "../../src/libraries/Accounts.sol";
import { Genesis, Wiring } from "../../src/libraries/Wiring.sol";
import { Vm } from "../Vm.sol";

/// @title The Vault's accounts as its moves alone rebuild them, and whose bonded stake a move took or gave.
contract Ledger is Vault {
    address internal immutable ORIGINAL;

    constructor(Wiring memory wiring, Genesis memory genesis) Vault(wiring, genesis) {
        ORIGINAL = wiring.vault;
        delete _accounts[Accounts.TREASURY];
    }

    /// @return giver Whose stake left its free account and its pledges; 0 = nobody's.
    /// @return taker Whose stake came in; 0 = nobody's. Both are 0 when giver and taker are one agent.
    function enter(Vm.Log calldata log) public returns (uint256 giver, uint256 taker, uint256 amount) {
        if (log.emitter != ORIGINAL || log.topics[0] != IVault.Moved.selector) return (0, 0, 0);
        (amount,) = abi.decode(log.data, (uint256, uint8));
        (bytes32 from, bytes32 to) = (log.topics[1], log.topics[2]);
        (Kind source, Kind target) = (Accounts.kindOf(from), Accounts.kindOf(to));
        if (source != Kind.EXTERNAL) giver = _debit(from, source, amount, target);
        if (target != Kind.EXTERNAL) taker = _credit(to, target, amount, source, giver);
        if (giver == taker) (giver, taker) = (0, 0);
    }
}

// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { ERC20Permit } from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import { INonces } from "../interfaces/INonces.sol";
import { Genesis, Wiring } from "../libraries/Wiring.sol";
import { Authorizations } from "./Authorizations.sol";

/// @title The credit token: fixed supply, approvals and transfers by signature, no owner, no mint after deployment.
/// @dev Every change of an allowance and every used nonce is told, so that its events carry its complete state:
///      OpenZeppelin's ERC-20 spends allowances, and its permit uses nonces, in silence.
contract Credit is INonces, ERC20, ERC20Permit, Authorizations {
    constructor(Wiring memory wiring, Genesis memory genesis)
        ERC20("EventSourced Credit", "CREDIT")
        ERC20Permit("EventSourced Credit")
    {
        _mint(wiring.vault, genesis.treasurySupply);
        _mint(wiring.faucet, genesis.faucetSupply);
        _mint(genesis.supplyHolder, genesis.supply - genesis.treasurySupply - genesis.faucetSupply);
    }

    function _approve(address owner, address spender, uint256 value, bool) internal override {
        super._approve(owner, spender, value, true);
    }

    function _useNonce(address owner) internal override returns (uint256 nonce) {
        nonce = super._useNonce(owner);
        emit NonceUsed(owner, nonce);
    }
}

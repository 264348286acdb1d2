// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

/// @title What a permit or a vote by signature uses up and OpenZeppelin's Nonces keep silent about.
interface INonces {
    /// @notice The owner's signature with this nonce was used; the next one needs nonce + 1.
    /// @custom:trigger whoever brings a permit or relayed request
    /// @custom:step Credit: permit nonce + 1
    /// @custom:kinds nonce count
    event NonceUsed(address indexed owner, uint256 nonce);
}
